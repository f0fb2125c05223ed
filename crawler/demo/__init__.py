"""The bundled newspaper: a whole site over real HTTP, and the truth about every page of it.

`site` holds the stories, `layouts` print them, `answers` decides what an address gets, `server` speaks HTTP, and `truth` says
what a reader should make of it all.
"""
