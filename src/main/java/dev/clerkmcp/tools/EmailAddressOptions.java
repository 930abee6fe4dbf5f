package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** What can be set on an email address both at creation and later. */
public record EmailAddressOptions(
    @Arg("Mark as verified") @Nullable Boolean verified,
    @Arg("Make it primary") @Nullable Boolean primary,
    @Arg("Email the old primary") @Nullable Boolean notifyPrimaryEmailAddressChanged) {}
