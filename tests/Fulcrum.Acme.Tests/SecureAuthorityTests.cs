namespace Fulcrum.Acme.Tests;

public sealed class SecureAuthorityTests() : ManagerTest(tls: true)
{
    [Fact]
    public async Task The_authority_is_verified_by_the_certificates_of_the_file_or_else_not_asked()
    {
        Start(Settings, Shop);
        await UntilFailures(1);
        Assert.Contains("certificate", Report().Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, Authority.Requests);
        var file = Folder.Write("ca.pem", Authority.ServerAuthorityPem);
        Apply(Settings with { Authorities = file }, Shop);
        await UntilValid();
    }

    [Fact]
    public async Task A_file_without_certificates_is_an_error_of_the_name()
    {
        var file = Folder.Write("ca.pem", "nothing\n");
        Start(Settings with { Authorities = file }, Shop);
        await UntilFailures(1);
        Assert.Equal($"{file} has no certificate", Report().Error);
    }
}
