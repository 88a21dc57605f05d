import Pipes

Driver.run(stage: Parse.self)
