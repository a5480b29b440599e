class Users {
    private val names = mutableSetOf<String>()

    fun add(name: String) = names.add(name)
}
