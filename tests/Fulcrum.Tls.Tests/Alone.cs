namespace Fulcrum.Tls.Tests;

/// <summary>Tests that look at what belongs to the whole process: nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
