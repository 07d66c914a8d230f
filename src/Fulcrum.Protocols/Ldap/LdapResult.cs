namespace Fulcrum.Protocols.Ldap;

/// <summary>Result codes (RFC 4511 appendix A) that a bind may have.</summary>
internal static class LdapResult
{
    public static string NameOf(byte code) =>
        code switch
        {
            0 => "success",
            1 => "operationsError",
            2 => "protocolError",
            7 => "authMethodNotSupported",
            8 => "strongerAuthRequired",
            13 => "confidentialityRequired",
            48 => "inappropriateAuthentication",
            49 => "invalidCredentials",
            51 => "busy",
            52 => "unavailable",
            53 => "unwillingToPerform",
            80 => "other",
            _ => $"result {code}",
        };

    /// <summary>The bind is done, or only we are what hinders it.</summary>
    public static bool IsAnswer(byte code) => code is 0 or 7 or 8 or 13 or 48 or 49 or 53;
}
