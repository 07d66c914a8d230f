using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Reasons;

namespace Fulcrum.Engine.Explaining;

/// <summary>Finds what is known of a subject.</summary>
internal static class Accounts
{
    /// <summary>Null: there is no such thing.</summary>
    public static Account? Of(DerivedState state, Subject subject) =>
        subject.Kind switch
        {
            SubjectKind.Node => NodeAccount.Of(state, subject),
            SubjectKind.Service => ServiceAccount.Of(state, subject),
            SubjectKind.Upstream => UpstreamAccount.Of(state, subject),
            SubjectKind.Backend => BackendAccount.Of(state, subject),
            SubjectKind.Host => HostAccount.Of(state, subject),
            SubjectKind.Check => CheckAccount.Of(state, subject),
            SubjectKind.Vip => VipAccount.Of(state, subject),
            SubjectKind.Announcement => AnnouncementAccount.Of(state, subject),
            SubjectKind.Certificate => CertificateAccount.Of(state, subject),
            SubjectKind.Override => OverrideAccount.Of(state, subject),
            _ => null,
        };
}
