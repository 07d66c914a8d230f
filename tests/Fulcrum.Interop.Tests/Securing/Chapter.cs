namespace Fulcrum.Interop.Tests.Securing;

/// <summary>Rows about one thing.</summary>
/// <param name="Text">What holds for all of them; empty: nothing does.</param>
internal sealed record Chapter<TRow>(string Title, string Text, IReadOnlyList<TRow> Rows);
