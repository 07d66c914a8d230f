using Fulcrum.Linux.Files;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Files;

public sealed class FolderRightsTests
{
    [Fact]
    public void A_folder_of_our_own_may_be_written_and_one_that_is_not_there_may_not()
    {
        using var folder = new TemporaryDirectory();
        Assert.True(FolderRights.MayWrite(folder.FullName));
        Assert.False(FolderRights.MayWrite(folder.PathOf("nowhere")));
    }
}
