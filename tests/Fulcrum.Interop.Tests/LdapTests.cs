using System.Net;
using Fulcrum.Interop.Tests.Peers;
using Fulcrum.Model.Checks;
using Fulcrum.TestKit.Namespaces;
using static Fulcrum.Interop.Tests.Finding;

namespace Fulcrum.Interop.Tests;

public sealed class LdapTests
{
    [Theory]
    [InlineData("", "success")]
    [InlineData("disallow bind_anon", "inappropriateAuthentication: anonymous bind disallowed")]
    [InlineData("restrict bind", "unwillingToPerform: operation restricted")]
    public async Task A_directory_that_answers_nobody_is_healthy(string configuration, string reason)
    {
        using var home = NetworkNamespace.Create("ldap");
        await using var peer = await DirectoryPeer.Start(home, configuration);
        var task = Inquiry.TaskFor(new GreetingProbe("ldap"), IPAddress.Loopback, 389);
        Assert.Equal(Healthy(reason), await Inquiry.Verdict(task, home));
    }
}
