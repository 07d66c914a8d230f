using Fulcrum.Linux.Processes;

namespace Fulcrum.Linux.Tests.Processes;

public sealed class AccountsTests
{
    [Fact]
    public void Users_and_groups_are_those_of_the_system()
    {
        Assert.Equal("root", Accounts.UserName(0));
        Assert.Equal(0u, Accounts.GroupId("root"));
        Assert.Equal(Environment.UserName, Accounts.UserName(Accounts.OwnUserId));
        // As the files say, where the system has no other source.
        foreach (
            var line in File.ReadLines("/etc/group").Select(line => line.Split(':')).Where(line => line.Length > 2)
        )
        {
            Assert.Equal(line[2], $"{Accounts.GroupId(line[0])}");
        }
    }

    [Fact]
    public void Who_is_not_there_has_no_name_or_number()
    {
        Assert.Null(Accounts.UserName(4_000_000_000));
        Assert.Null(Accounts.GroupId("no-such-group"));
        Assert.Null(Accounts.GroupId(""));
    }
}
