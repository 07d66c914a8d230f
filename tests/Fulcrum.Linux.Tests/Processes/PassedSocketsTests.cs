using Fulcrum.Linux.Processes;

namespace Fulcrum.Linux.Tests.Processes;

/// <summary>What the variables say. That a real manager's socket is taken over is tried with the built program.</summary>
public sealed class PassedSocketsTests
{
    [Fact]
    public void Descriptors_are_named_in_their_order() =>
        Assert.Equal([("api", 3), ("metrics", 4)], PassedSockets.Read("42", "2", "api:metrics", 42));

    [Fact]
    public void Names_that_are_not_given_are_empty() =>
        Assert.Equal([("api", 3), ("", 4)], PassedSockets.Read("42", "2", "api", 42));

    [Theory]
    [InlineData("41", "1")]
    [InlineData(null, "1")]
    [InlineData("42", null)]
    [InlineData("42", "-1")]
    [InlineData("42", "0")]
    [InlineData("42", "one")]
    public void What_is_for_another_process_or_says_nothing_is_nothing(string? process, string? count) =>
        Assert.Empty(PassedSockets.Read(process, count, "api", 42));

    [Fact]
    public void A_number_without_sense_is_bounded() =>
        Assert.Equal(16384, PassedSockets.Read("42", "2147483647", null, 42).Length);

    [Fact]
    public void A_test_has_none() => Assert.Equal((null, null), PassedSockets.Take().FindUnix("api"));
}
