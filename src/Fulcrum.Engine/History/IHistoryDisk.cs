namespace Fulcrum.Engine.History;

/// <summary>One directory as the history sees it. Names are plain file names. What fails throws <see cref="IOException"/>.</summary>
public interface IHistoryDisk
{
    /// <summary>All files; none when there is no such directory yet.</summary>
    IReadOnlyList<HistoryFile> List();

    string Read(string name);

    /// <summary>The file has this content, whole and durable, or it is as it was.</summary>
    void Write(string name, string text);

    /// <summary>Does nothing when there is no such file.</summary>
    void Delete(string name);
}
