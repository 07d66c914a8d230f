namespace Fulcrum.Tests;

/// <summary>For tests that send this process signals: commands that others run would take them for Ctrl-C.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
