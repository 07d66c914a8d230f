using Fulcrum.Linux.Files;
using Fulcrum.Model.Access;

namespace Fulcrum.Api.Listening;

/// <summary>
/// Certificates are rotated without a restart: changed files are read again, and new handshakes use what was read.
/// When a change cannot be used, what was read before stays in use.
/// </summary>
internal sealed class TlsFollower
{
    private ApiTls? _settings;
    private FileStamp[] _stamps = [];
    private string? _problem;
    private volatile ServerTls? _current;

    /// <summary>Null: nothing usable was read yet.</summary>
    public ServerTls? Current => _current;

    /// <summary>What is wrong with the files as they are; null: nothing.</summary>
    public string? Follow(ApiTls? settings)
    {
        if (settings is null)
        {
            (_settings, _stamps, _problem, _current) = (null, [], null, null);
            return null;
        }

        var stamps = settings.Files.Select(FileStamp.Of).ToArray();
        if (settings == _settings && stamps.AsSpan().SequenceEqual(_stamps))
        {
            return _problem;
        }

        try
        {
            _current = ServerTls.Load(settings);
            _problem = null;
        }
        catch (IOException error)
        {
            _problem = error.Message;
        }

        (_settings, _stamps) = (settings, stamps);
        return _problem;
    }
}
