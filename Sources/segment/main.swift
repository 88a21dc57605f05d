import Pipes

Driver.run(Segment.self)
