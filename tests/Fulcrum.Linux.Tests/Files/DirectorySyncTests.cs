using Fulcrum.Linux.Files;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Files;

public sealed class DirectorySyncTests
{
    [Fact]
    public void A_directory_is_flushed()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("new", "");
        DirectorySync.Flush(directory.FullName);
    }

    [Fact]
    public void What_is_no_directory_is_an_error()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.Write("file", "");
        Assert.Contains(file, Assert.Throws<LinuxException>(() => DirectorySync.Flush(file)).Message);
        Assert.Equal(
            Errno.NotFound,
            Assert.Throws<LinuxException>(() => DirectorySync.Flush(directory.PathOf("none"))).Error
        );
    }
}
