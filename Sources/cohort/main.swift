import Pipes

Driver.run(Cohort.self)
