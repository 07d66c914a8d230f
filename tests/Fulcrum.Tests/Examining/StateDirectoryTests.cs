using Fulcrum.Hosting;
using Fulcrum.TestKit;

namespace Fulcrum.Tests.Examining;

/// <summary>Whether a state directory could be used, without using it.</summary>
public sealed class StateDirectoryTests
{
    [Fact]
    public void One_that_could_be_made_is_fine_and_is_not_made()
    {
        using var folder = new TemporaryDirectory();
        var state = new StateDirectory(folder.PathOf("far/below"));
        Assert.Null(state.WhyNot());
        Assert.False(Directory.Exists(folder.PathOf("far")));
    }

    [Fact]
    public void One_whose_socket_has_too_long_a_path_says_so()
    {
        var tooLong = new StateDirectory("/tmp/" + new string('a', 120));
        Assert.Contains("longer than the 107 bytes", tooLong.WhyNot()!, StringComparison.Ordinal);
    }
}
