using Fulcrum.Linux;
using Fulcrum.Linux.Files;
using Fulcrum.Linux.Processes;
using Fulcrum.Model.Access;

namespace Fulcrum.Api.Listening;

/// <summary>The Unix socket is for its owner, and for the group that the settings name.</summary>
internal sealed class SocketFollower(string path)
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerAndGroup = Owner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private ApiSocket? _settings;

    /// <summary>A sentence says what is wrong; null: nothing.</summary>
    public string? Follow(ApiSocket settings)
    {
        if (settings == _settings)
        {
            return null;
        }

        try
        {
            var problem = Set(settings.Group);
            _settings = problem is null ? settings : null;
            return problem;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or LinuxException)
        {
            return $"{path}: {error.Message}";
        }
    }

    private string? Set(string? group)
    {
        // Its owner's alone first: not for a moment another group's.
        File.SetUnixFileMode(path, Owner);
        if (group is null)
        {
            return null;
        }

        if (Accounts.GroupId(group) is not { } id)
        {
            return $"there is no group '{group}' on this system; 'groupadd --system {group}' makes it";
        }

        FileOwner.SetGroup(path, id);
        File.SetUnixFileMode(path, OwnerAndGroup);
        return null;
    }
}
