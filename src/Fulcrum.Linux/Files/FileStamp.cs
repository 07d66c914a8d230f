namespace Fulcrum.Linux.Files;

/// <summary>By what a changed file is known.</summary>
public readonly record struct FileStamp(DateTime Written, long Length, UnixFileMode Mode)
{
    /// <summary>Of the file that links lead to: rotated secrets are often a link that is turned. Default: none is there.</summary>
    public static FileStamp Of(string path)
    {
        try
        {
            using var file = File.OpenHandle(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            return new(File.GetLastWriteTimeUtc(file), RandomAccess.GetLength(file), File.GetUnixFileMode(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
