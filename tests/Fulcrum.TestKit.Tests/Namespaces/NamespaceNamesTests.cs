using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.TestKit.Tests.Namespaces;

public sealed class NamespaceNamesTests
{
    [Fact]
    public void A_name_tells_whose_it_is()
    {
        Assert.Equal(17, NamespaceNames.OwnerOf(NamespaceNames.Make(17, 3, "lb-1")));
        Assert.Null(NamespaceNames.OwnerOf("blue"));
        Assert.Null(NamespaceNames.OwnerOf("fulcrum-test-blue-1-x"));
    }

    [Fact]
    public void Only_namespaces_of_dead_test_processes_are_left_behind()
    {
        string[] names = ["blue", NamespaceNames.Make(1, 1, "alive"), NamespaceNames.Make(2, 1, "dead")];
        Assert.Equal([names[2]], NamespaceNames.LeftBehind(names, pid => pid == 1));
        Assert.True(NamespaceNames.ProcessLives(Environment.ProcessId));
    }
}
