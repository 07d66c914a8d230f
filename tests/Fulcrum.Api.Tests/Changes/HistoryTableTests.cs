using Fulcrum.Api.Changes;

namespace Fulcrum.Api.Tests.Changes;

public sealed class HistoryTableTests
{
    [Fact]
    public void Each_is_a_line_under_what_its_columns_are()
    {
        var at = DateTimeOffset.UnixEpoch;
        Assert.Equal(
            """
            NUMBER  IN FORCE SINCE        BY     WHAT                    SOURCE
                10  1970-01-01 00:01:00Z  alice  1 service, 2 backends   the API
                 9  1970-01-01 00:00:00Z  start  12 services, 1 backend  file web.yaml
            """,
            HistoryTable.Of([
                new(10, at.AddMinutes(1), "alice", "the API", 1, 2, 0, ""),
                new(9, at, "start", "file web.yaml", 12, 1, 0, ""),
            ])
        );
    }
}
