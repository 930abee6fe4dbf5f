package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** How an enterprise connection speaks OpenID Connect. */
public record EnterpriseOidc(
    @Arg("Client ID") @Nullable String clientId,
    @Arg(value = "Its secret", secret = true) @Nullable String clientSecret,
    @Arg("Discovery") @Nullable String discoveryUrl,
    @Arg("Endpoint") @Nullable String authUrl,
    @Arg("Endpoint") @Nullable String tokenUrl,
    @Arg("Endpoint") @Nullable String userInfoUrl,
    @Arg("true without secret") @Nullable Boolean requiresPkce) {}
