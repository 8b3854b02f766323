"""The web page: answers shown as HTML (rendering), one visitor's chat (conversation), the screen (chat)."""
