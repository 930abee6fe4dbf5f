/** Handles enterprise sign-in: connections, SAML, directories and the admin portal. */
@NullMarked
package dev.clerkmcp.sandbox.handlers.enterprise;

import org.jspecify.annotations.NullMarked;
