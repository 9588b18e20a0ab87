package io.github.vaultlambda.kotlin

import com.amazonaws.services.lambda.runtime.Context
import com.amazonaws.services.lambda.runtime.RequestHandler
import io.github.vaultlambda.examples.Fingerprint
import io.github.vaultlambda.handler.HandlerMethod
import io.github.vaultlambda.handler.VaultHandler
import io.github.vaultlambda.handler.VaultRequestHandler
import io.github.vaultlambda.secrets.Secret

/** By base class. */
class KotlinBase : VaultRequestHandler<Map<String, String>, String>() {
    private val password: Secret<String> = secret("secret/data/orders/db#password")

    override fun handle(order: Map<String, String>, context: Context): String =
        "base " + order["order"] + " " + Fingerprint.of(password.get())
}

/** By decorator around a method; setting KotlinMethod::handle. */
class KotlinMethod {
    private val decorator = VaultHandler.fromEnvironment()
    private val password = decorator.vault().secret("secret/data/orders/db#password")
    private val handler = decorator.secrets(password).wrap(HandlerMethod.OfEvent(::process))

    fun handle(order: Map<String, String>, context: Context): String = handler.handleRequest(order, context)

    private fun process(order: Map<String, String>): String =
        "method " + order["order"] + " " + Fingerprint.of(password.get())
}

/** By decorator around lambdas, with and without the context. */
class KotlinLambda : RequestHandler<Map<String, String>, String> {
    private val decorator = VaultHandler.fromEnvironment()
    private val password = decorator.vault().secret("secret/data/orders/db#password")
    private val one = decorator.secrets(password).wrap { order: Map<String, String> -> "lambda " + order["order"] }
    private val two = decorator.wrap { answer: String, _: Context -> answer + " " + Fingerprint.of(password.get()) }

    override fun handleRequest(order: Map<String, String>, context: Context): String =
        two.handleRequest(one.handleRequest(order, context), context)
}
