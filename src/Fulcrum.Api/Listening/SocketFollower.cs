using Fulcrum.Linux;
using Fulcrum.Linux.Files;
using Fulcrum.Linux.Processes;
using Fulcrum.Model.Access;

namespace Fulcrum.Api.Listening;

/// <summary>The Unix socket is for its owner, and for the group that the settings name.</summary>
/// <param name="path">Null: somebody else made it, and its mode is that one's affair.</param>
internal sealed class SocketFollower(string? path)
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerAndGroup = Owner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private ApiSocket? _settings;

    /// <summary>A sentence says what is wrong; null: nothing.</summary>
    public string? Follow(ApiSocket settings)
    {
        if (path is null || settings == _settings)
        {
            return null;
        }

        try
        {
            var problem = Set(path, settings.Group);
            _settings = problem is null ? settings : null;
            return problem;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or LinuxException)
        {
            return $"{path}: {error.Message}";
        }
    }

    private static string? Set(string path, string? group)
    {
        // Its owner's alone first: not for a moment another group's.
        File.SetUnixFileMode(path, Owner);
        var folder = Path.GetDirectoryName(path)!;
        var mode = File.GetUnixFileMode(folder);
        var isPublic = mode.HasFlag(UnixFileMode.OtherExecute);
        if (group is null)
        {
            if (!isPublic)
            {
                File.SetUnixFileMode(folder, mode & ~UnixFileMode.GroupExecute);
            }

            return null;
        }

        if (Accounts.GroupId(group) is not { } id)
        {
            return $"there is no group '{group}' on this system; 'groupadd --system {group}' makes it";
        }

        // Who may not pass through the folder does not come to the socket; what else is there stays closed to them.
        if (!isPublic)
        {
            FileOwner.SetGroup(folder, id);
            File.SetUnixFileMode(folder, mode | UnixFileMode.GroupExecute);
        }

        FileOwner.SetGroup(path, id);
        File.SetUnixFileMode(path, OwnerAndGroup);
        return null;
    }
}
