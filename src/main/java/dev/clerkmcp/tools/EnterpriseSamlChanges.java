package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** What can be changed on how an enterprise connection speaks SAML. */
public record EnterpriseSamlChanges(
    @Arg("Label") @Nullable String name, @JsonUnwrapped EnterpriseSaml saml) {}
