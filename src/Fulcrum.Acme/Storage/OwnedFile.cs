using Fulcrum.Linux;
using Fulcrum.Linux.Files;

namespace Fulcrum.Acme.Storage;

/// <summary>Files that hold keys: for the owner's eyes only, and whole or not there, whenever the process ends.</summary>
internal static class OwnedFile
{
    private const int MostBytes = 1 << 20;

    /// <summary>Returns when it is durable.</summary>
    /// <exception cref="IOException">It could not be written; what was there is there still.</exception>
    public static void Write(string path, string text)
    {
        // Hidden, so that nobody takes it for one.
        var temporary = Path.Join(Path.GetDirectoryName(path), $".{Path.GetFileName(path)}.new");
        try
        {
            OwnersFile.Write(path, temporary, text);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or LinuxException)
        {
            throw new IOException(error.Message, error);
        }
    }

    /// <summary>Null: there is none.</summary>
    /// <exception cref="IOException">There is one that cannot be read, or is far too long.</exception>
    public static string? Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MostBytes)
            {
                throw new IOException($"{path} is longer than {MostBytes} bytes");
            }

            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException(error.Message, error);
        }
    }
}
