namespace Fulcrum.Proxy.Tests.Mutation;

/// <summary>A fault put into the product on purpose.</summary>
/// <param name="Name">What is wrong then.</param>
/// <param name="File">The source, below <c>src/</c>.</param>
/// <param name="Text">What stands there exactly once. Blanks and line ends count as one blank.</param>
/// <param name="Replacement">What stands there instead.</param>
public sealed record Mutant(string Name, string File, string Text, string Replacement)
{
    public override string ToString() => Name;
}
