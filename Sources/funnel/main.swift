import Pipes

Driver.run(Funnel.self)
