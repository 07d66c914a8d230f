using Fulcrum.Engine.Explaining;

namespace Fulcrum.Engine.Tests.Explaining;

public sealed class ExplanationTests
{
    [Fact]
    public void The_text_is_a_tree_that_fits_a_terminal()
    {
        var explanation = new Explanation
        {
            Subject = Scenes.Subject("vip/dns"),
            State = "down",
            Reasons = ["dns is unhealthy (up-when all)", "192.0.2.53 does not stand"],
            Causes =
            [
                new()
                {
                    Subject = Scenes.Subject("upstream/resolvers"),
                    State = "unhealthy",
                    Reasons = ["1 of 5 healthy (20%), keep-while is 30%"],
                    Causes =
                    [
                        new()
                        {
                            Subject = Scenes.Subject("check/resolvers/dns2/dns"),
                            State = "unhealthy",
                            Since = Scenes.Noon,
                            Reasons = ["timed out (dns 10.0.12.2:53)"],
                        },
                        new()
                        {
                            Subject = Scenes.Subject("vip/dns"),
                            State = "down",
                            IsAbove = true,
                        },
                    ],
                    More = 7,
                },
            ],
        };
        Assert.Equal(
            """
            vip/dns down: dns is unhealthy (up-when all); 192.0.2.53 does not stand
              upstream/resolvers unhealthy: 1 of 5 healthy (20%), keep-while is 30%
                check/resolvers/dns2/dns unhealthy since 2026-05-01T12:01:07Z: timed out
                    (dns 10.0.12.2:53)
                vip/dns down (see above)
                and 7 more: fulcrum explain upstream/resolvers
            """,
            explanation.ToText()
        );
    }
}
