namespace Fulcrum.EndToEnd.Tests.FirstHour;

/// <summary>A command that the reader types.</summary>
/// <param name="Terminal">Where: the name in the prompt; empty for the first terminal.</param>
/// <param name="Output">What it says, as far as the block shows it.</param>
internal sealed record CommandBlock(int Line, string Terminal, string Command, IReadOnlyList<string> Output) : IBlock;
