namespace Fulcrum.Linux.Files;

/// <summary>Files for their owner's eyes only, and whole or not there, whenever the process ends.</summary>
public static class OwnersFile
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Returns when it is durable. Its directory is made if there is none.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="temporary">What it is called until it is whole: in the same directory, as a file is renamed only within its file system.</param>
    /// <param name="text">All of it.</param>
    /// <exception cref="IOException">It could not be written; what was there is there still.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    /// <exception cref="LinuxException">It may not be durable.</exception>
    public static void Write(string path, string temporary, string text)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder, OwnerFile | UnixFileMode.UserExecute);
        // One that was left behind may have another mode, and would keep it.
        File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerFile,
        };
        using (var file = new FileStream(temporary, options))
        {
            using var writer = new StreamWriter(file, leaveOpen: true);
            writer.Write(text);
            writer.Flush();
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        DirectorySync.Flush(folder);
    }
}
