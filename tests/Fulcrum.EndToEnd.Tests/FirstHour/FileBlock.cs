namespace Fulcrum.EndToEnd.Tests.FirstHour;

/// <summary>A file that the reader writes; its first line names it.</summary>
internal sealed record FileBlock(int Line, string Path, string Text) : IBlock;
