using Fulcrum.Model.Values;
using Microsoft.AspNetCore.Builder;

namespace Fulcrum.Api.Access;

/// <summary>Says who asks, and lets nobody do more than they may.</summary>
internal static class AccessGate
{
    public static void Use(WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                // Who may open the socket is the user that runs the node, or root.
                context.Features.Set(new Caller("local", AccessRole.Admin, Selector.Everything));
                return next(context);
            }
        );
}
