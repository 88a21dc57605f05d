import Pipes

Driver.run(Sessions.self)
