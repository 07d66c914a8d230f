using Fulcrum.Linux.Files;
using Fulcrum.Linux.Processes;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Files;

public sealed class FileOwnerTests
{
    [Fact]
    public void Files_are_their_makers()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.Write("file", "");
        Assert.Equal(Accounts.OwnUserId, FileOwner.Of(file).UserId);
        FileOwner.Copy(directory.FullName, file);
        Assert.Equal(FileOwner.Of(directory.FullName), FileOwner.Of(file));
    }

    [Fact]
    public void Root_gives_a_file_to_others()
    {
        Require.Root();
        using var directory = new TemporaryDirectory();
        var (file, like) = (directory.Write("file", ""), directory.Write("like", ""));
        FileOwner.SetGroup(like, 70_000);
        Assert.Equal((0u, 70_000u), FileOwner.Of(like));
        FileOwner.Copy(like, file);
        Assert.Equal((0u, 70_000u), FileOwner.Of(file));
    }

    [Fact]
    public void What_is_not_there_is_nobodys()
    {
        using var directory = new TemporaryDirectory();
        var none = directory.PathOf("none");
        Assert.Equal(Errno.NotFound, Assert.Throws<LinuxException>(() => FileOwner.SetGroup(none, 0)).Error);
        Assert.Contains(
            none,
            Assert.Throws<LinuxException>(() => FileOwner.Of(none)).Message,
            StringComparison.Ordinal
        );
    }
}
