import Pipes

Driver.run(Score.self)
