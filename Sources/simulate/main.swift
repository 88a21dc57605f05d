import Pipes

Driver.run(generator: Simulate.self)
