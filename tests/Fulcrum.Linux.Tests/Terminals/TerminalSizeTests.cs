using Fulcrum.Linux.Terminals;

namespace Fulcrum.Linux.Tests.Terminals;

/// <summary>That a terminal's size is told is for the tests of the live views, which have one.</summary>
public sealed class TerminalSizeTests
{
    [Fact]
    public void What_is_no_terminal_has_no_size()
    {
        using var file = File.OpenHandle("/dev/null");
        Assert.Null(TerminalSize.Of((int)file.DangerousGetHandle()));
        Assert.Null(TerminalSize.Of(-1));
    }
}
