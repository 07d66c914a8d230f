namespace Fulcrum.Acme.Tests;

/// <summary>A process that ends in the middle of an order; the next one has only the folder.</summary>
public sealed class KilledTests : ManagerTest
{
    [Fact]
    public async Task While_the_authority_looks()
    {
        Authority.BusyLooks = 5;
        Start(Settings, Shop);
        await Until(
            () => Authority.Orders == 1 && Manager.Find(Shop) is not null && Time.Elapsed > TimeSpan.Zero,
            "a look"
        );
        await StopAsync();
        Assert.Equal(0, Authority.Issued);
        Start(Settings, Shop);
        await UntilValid();
        Assert.Equal((1, 1, 1), (Authority.Accounts, Authority.Orders, Authority.Issued));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task When_the_certificate_was_issued_and_not_yet_fetched(int busy)
    {
        Authority.BusyLooks = busy;
        var issued = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isFirst = true;
        Authority.OnIssued = () =>
        {
            Authority.IsDown = isFirst;
            isFirst = false;
            issued.TrySetResult();
        };
        Start(Settings, Shop);
        await Until(() => issued.Task.IsCompleted, "the certificate to be issued");
        await StopAsync();
        Assert.False(File.Exists(FileOf(Shop)));
        Authority.IsDown = false;
        Start(Settings, Shop);
        await UntilValid();
        Assert.Equal((1, 1, 1), (Authority.Accounts, Authority.Orders, Authority.Issued));
    }

    [Fact]
    public async Task When_the_certificate_was_written_and_this_was_not()
    {
        Start(Settings, Shop);
        await UntilValid();
        await StopAsync();
        var record = Directory
            .EnumerateFiles(Folder.FullName, "shop.example.com.json", SearchOption.AllDirectories)
            .Single();
        File.Delete(record);
        Start(Settings, Shop);
        await Until(() => Authority.Issued == 2 && !Report().IsOrdering, "another certificate");
        Assert.Equal(1, Authority.Accounts);
    }
}
