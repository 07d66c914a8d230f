// One test uses up the descriptors of the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
