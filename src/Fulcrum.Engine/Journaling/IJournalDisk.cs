namespace Fulcrum.Engine.Journaling;

/// <summary>
/// One directory as the journal sees it. Names are plain file names. What was written is durable only after
/// <see cref="FlushAsync"/>; that a name came, changed or went only after <see cref="FlushDirectoryAsync"/>.
/// <para>
/// There is never more than one operation at a time. An operation that fails throws, whatever exception that is, and
/// may have done a part of its work.
/// </para>
/// </summary>
public interface IJournalDisk
{
    /// <summary>The names of all files.</summary>
    Task<IReadOnlyList<string>> ListAsync();

    Task<byte[]> ReadAsync(string name);

    /// <summary>Writes at the end of the file; makes it when it is not there.</summary>
    Task AppendAsync(string name, ReadOnlyMemory<byte> content);

    Task TruncateAsync(string name, long length);

    /// <summary>Returns when the content of the file is durable.</summary>
    Task FlushAsync(string name);

    /// <summary>In one step; a file of the new name is replaced.</summary>
    Task RenameAsync(string from, string to);

    /// <summary>Does nothing when there is no such file.</summary>
    Task DeleteAsync(string name);

    /// <summary>Returns when the names are durable.</summary>
    Task FlushDirectoryAsync();
}
