import Pipes

Driver.run(Kpi.self)
