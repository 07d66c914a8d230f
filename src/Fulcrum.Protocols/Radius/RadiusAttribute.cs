namespace Fulcrum.Protocols.Radius;

/// <summary>The attributes that are written or read here.</summary>
internal enum RadiusAttribute : byte
{
    UserName = 1,
    UserPassword = 2,
    ChapPassword = 3,
    NasIpAddress = 4,
    ServiceType = 6,
    ReplyMessage = 18,
    NasIdentifier = 32,
    ChapChallenge = 60,
    NasPortType = 61,
    MessageAuthenticator = 80,
    NasIpv6Address = 95,
}
