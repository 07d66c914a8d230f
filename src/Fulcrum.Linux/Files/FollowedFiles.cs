namespace Fulcrum.Linux.Files;

/// <summary>Files that are read again when they change. Whoever has them looks now and then.</summary>
public sealed class FollowedFiles
{
    private readonly string[] _paths;
    private FileStamp[] _stamps;

    /// <summary>To be made before they are read: what changes meanwhile is seen then.</summary>
    public FollowedFiles(IEnumerable<string> paths)
    {
        _paths = [.. paths];
        _stamps = Array.ConvertAll(_paths, FileStamp.Of);
    }

    /// <summary>Whether one of them is another than at the last look.</summary>
    public bool HaveChanged()
    {
        var stamps = Array.ConvertAll(_paths, FileStamp.Of);
        if (stamps.AsSpan().SequenceEqual(_stamps))
        {
            return false;
        }
        _stamps = stamps;
        return true;
    }
}
