namespace Fulcrum.Fuzz;

/// <summary>Something that takes bytes from outside. Any exception is a failure.</summary>
internal interface IFuzzTarget
{
    string Name { get; }

    /// <summary>Folders and files of good and bad inputs, relative to the repository.</summary>
    IReadOnlyList<string> Corpus { get; }

    void Run(ReadOnlySpan<byte> input);
}
