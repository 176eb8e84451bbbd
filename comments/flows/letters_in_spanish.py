"""What a letter to somebody who wrote in Spanish begins with: written in Spanish, not translated by the language of the admin."""

SUBJECT = "Te escribe una persona de nuestro equipo"
HELP = "Estas líneas de ayuda te atienden ahora mismo:"
PREPARED = {
    "care": (
        "Gracias por escribirnos. Algo de tu comentario se nos quedó dentro y nos gustaría saber cómo estás.\n\n"
        "Somos unas pocas personas voluntarias y una doctora, y no podemos leer mensajes a todas horas. Si lo estás pasando mal "
        "ahora mismo, habla con alguien que pueda acompañarte, o llama a tu médico o al número de emergencias de tu país."
    ),
    "details": (
        "Gracias por tu comentario. Contiene datos con los que un desconocido podría saber quién eres o quién es otra persona. "
        "Cualquiera puede leer nuestras páginas, así que no lo hemos publicado.\n\n"
        "¿Quieres que tapemos esa parte y publiquemos el resto? También puedes retirarlo y enviarlo de nuevo sin esos datos."
    ),
    "meaning": (
        "Gracias por tu comentario. Nos gustaría publicarlo, pero no estamos seguros de entender una parte.\n\n"
        "¿Nos cuentas un poco más qué querías decir con"
    ),
    "source": (
        "Gracias por tu comentario. Habla de un tratamiento, y otras personas podrían hacerle caso.\n\n"
        "¿Recuerdas dónde lo leíste o quién te lo dijo? Podemos publicarlo con la fuente, o como tu propia experiencia."
    ),
}
