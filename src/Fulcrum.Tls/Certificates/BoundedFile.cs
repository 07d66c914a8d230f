namespace Fulcrum.Tls.Certificates;

/// <summary>Reads files of certificates and keys, which are small, and complains in words when they cannot be had.</summary>
internal static class BoundedFile
{
    public const int Most = 4 << 20;

    /// <exception cref="TlsException">It is missing, not to be read, or too long.</exception>
    public static byte[] Read(string file) => Read(file, out _);

    /// <inheritdoc cref="Read(string)"/>
    public static byte[] Read(string file, out bool isOpenToAll)
    {
        try
        {
            if (Directory.Exists(file))
            {
                throw new TlsException($"{file}: is a directory, but a file is expected");
            }
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
            isOpenToAll = (File.GetUnixFileMode(stream.SafeFileHandle) & UnixFileMode.OtherRead) != UnixFileMode.None;
            if (!stream.CanSeek)
            {
                throw new TlsException($"{file}: is not a file with a length, but a regular file is expected");
            }
            return stream.Length <= Most ? ReadAll(file, stream) : throw TooLong(file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TlsException($"{file}: does not exist", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new TlsException($"{file}: this user may not read it", exception);
        }
        catch (IOException exception)
        {
            throw new TlsException($"{file}: cannot be read: {exception.Message}", exception);
        }
    }

    // What grows while it is read, or has no length as the files of /proc, is bounded all the same.
    private static byte[] ReadAll(string file, FileStream stream)
    {
        var bytes = new byte[Math.Min(stream.Length, Most) + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length < bytes.Length ? bytes[..length] : throw TooLong(file);
    }

    private static TlsException TooLong(string file) =>
        new($"{file}: is longer than {Most >> 20} MiB; is it a file of certificates?");
}
