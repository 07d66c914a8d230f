namespace Fulcrum.EndToEnd.Tests.FirstHour;

/// <summary>What a terminal says that has had its command before; a line <c>^C</c> is a key that the reader presses.</summary>
internal sealed record OutputBlock(int Line, string Terminal, IReadOnlyList<string> Output) : IBlock;
