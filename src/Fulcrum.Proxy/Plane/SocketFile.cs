using Fulcrum.Linux.Files;

namespace Fulcrum.Proxy.Plane;

/// <summary>
/// The file by which a listening Unix socket is reached. It is removed when its listener goes, and only while it is the
/// one that was there when the listener began: whoever has put another in its place keeps that. Used by the one who
/// prepares tables.
/// </summary>
/// <param name="isInherited">A process before this one has made it, and may go on with it.</param>
internal sealed class SocketFile(string path, bool isInherited)
{
    private readonly FileIdentity? _identity = FileIdentity.Of(path);

    /// <summary>Lets those use it whom the mode names.</summary>
    public void Allow(UnixFileMode mode)
    {
        try
        {
            if (FileIdentity.Of(path) == _identity && File.GetUnixFileMode(path) != mode)
            {
                File.SetUnixFileMode(path, mode);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Somebody has removed it, or has made it his own.
        }
    }

    /// <summary>The listener goes for good.</summary>
    public void Remove()
    {
        try
        {
            if (FileIdentity.Of(path) is { } present && present == _identity)
            {
                File.Delete(path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is left behind then, and replaced by whoever listens there next.
        }
    }

    /// <summary>The listener does not come about.</summary>
    public void Abandon()
    {
        if (!isInherited)
        {
            Remove();
        }
    }
}
